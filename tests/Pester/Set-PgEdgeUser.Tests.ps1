BeforeAll {
    . $PSScriptRoot/common.ps1
    $password = New-Secret $Passwords.new
}

Describe 'Set-PgEdgeUser' {
    BeforeEach {
        $file = New-UserFile
        $before = Get-Text $file
    }

    It 'sets an annotation and leaves every other byte unchanged: <_>' -ForEach @(
        { Set-PgEdgeUser alice -Annotation 'Lead: #1' -Path $file }
        { Set-PgEdgeUser alice -Note 'Lead: #1' -Path $file }
        { Set-PgEdgeUser alice -UserNote 'Lead: #1' -Path $file }
        { Set-PgEdgeUser alice -Description 'Lead: #1' -Path $file }
        { 'alice' | Set-PgEdgeUser -Annotation 'Lead: #1' -Path $file }
        { Get-PgEdgeUser alice -Path $file | Set-PgEdgeUser -Annotation 'Lead: #1' }
    ) {
        & $_ | Should -BeNullOrEmpty

        Get-Text $file | Should -BeExactly $before.Replace('Developer', '"Lead: #1"')
    }

    It 'clears an annotation with <Annotation>' -ForEach @(
        @{ Annotation = '' }
        @{ Annotation = $null }
    ) {
        Set-PgEdgeUser alice -Annotation $Annotation -Path $file

        Get-Text $file | Should -BeExactly $before.Replace('Developer', '""')
    }

    It 'rejects an annotation that breaks the rules: <Case>' -ForEach @(
        @{ Case = 'two lines'; Annotation = "two`nlines" }
        @{ Case = 'a control character'; Annotation = "e`e[31mscape" }
        @{ Case = 'a change of direction'; Annotation = "`u{202E}reversed" }
    ) {
        (Invoke-Script { Set-PgEdgeUser alice -Annotation $Annotation -Path $file }).Failures |
            Should -BeExactly 'InvalidAnnotation: alice'

        Test-Untouched $file | Should -BeTrue
    }

    It 'accepts the annotation that a user has, even if it breaks the rules' {
        Edit-UserFile $file 'annotation: Developer' 'annotation: "two\nlines"'

        $user = Get-PgEdgeUser alice -Path $file |
            ForEach-Object { Set-PgEdgeUser $_ -Annotation $_.Annotation -PassThru }

        "$user" | Should -BeExactly alice
        Test-Untouched $file | Should -BeTrue
    }

    It 'rejects what can only be a mistake: <Command>' -ForEach @(
        @{
            Command = { Set-PgEdgeUser alice -Annotation { $_.Username } -Path $file }
            Id = 'ScriptBlockArgumentNoInput'
        }
        @{
            Command = { Set-PgEdgeUser alice -Annotation @{ a = 'x' } -Path $file }
            Id = 'ParameterArgumentTransformationError'
        }
        @{ Command = { Set-PgEdgeUser alice -Password $undefined -Annotation left -Path $file }; Id = 'PasswordIsNull' }
    ) {
        $Command | Should -Throw -ErrorId "$Id,*"

        Test-Untouched $file | Should -BeTrue
    }

    It 'takes a value of its own for each input from a script block' {
        [pscustomobject]@{ Username = 'bob'; Text = 'x' } | Set-PgEdgeUser -Annotation { $_.Text } -Path $file

        (Get-PgEdgeUser bob -Path $file).Annotation | Should -Be x
    }

    It 'sets what piped objects say: annotation, password and credential' {
        $rows = @(
            [pscustomobject]@{ SamAccountName = 'alice'; Description = 'Lead' }
            [pscustomobject]@{ Username = 'bob'; Password = New-Secret 'seven quiet lanterns'; Annotation = '' }
            [pscustomobject]@{ Credential = New-Login charlie 'eight quiet lanterns' }
        )

        $rows | Set-PgEdgeUser -Path $file -NoWait

        (Get-PgEdgeUser -Path $file).Annotation | Should -Be Lead, Admin, 'Former emp'
        New-PgEdgeSession -Path $file -Credential (New-Login bob 'seven quiet lanterns') | Should -Be bob
    }

    It 'does not prompt for users that are piped with nothing to set: <_>' -ForEach @(
        { 'alice', 'bob' }
        { Get-PgEdgeUser a*, b* -Path $file }
        { 'Username,Annotation', 'alice,', 'bob,' | ConvertFrom-Csv }
    ) {
        $result = Invoke-Script { & $_ | Set-PgEdgeUser -Path $file }

        $result.Failures | Should -Be 'NothingToSet: alice', 'NothingToSet: bob'
        Test-Untouched $file | Should -BeTrue
    }

    It 'takes only the name from the user objects of the module' {
        $alice = Get-PgEdgeUser alice -Path $file
        Set-PgEdgeUser alice -Annotation newer -Path $file -NoWait

        $alice | Set-PgEdgeUser -Password $password -NoWait

        (Get-PgEdgeUser alice -Path $file).Annotation | Should -Be newer
    }

    It 'sets a password of cost 12 that the user can sign in with' {
        Set-PgEdgeUser alice -Password $password -Path $file

        $old = [regex]::Match($before, '(?<=alice\n        password_hash: )\S+').Value
        $new = Get-Field $file alice password_hash
        $new | Should -MatchExactly '^\$2a\$12\$.{53}$'
        Get-Text $file | Should -BeExactly $before.Replace($old, $new)
        (New-PgEdgeSession (New-Login alice $Passwords.new) -Path $file).Username | Should -Be alice
        { New-PgEdgeSession (New-Login alice) -Path $file -ErrorAction Stop } |
            Should -Throw -ErrorId 'AuthenticationFailed,*'
    }

    It 'leaves the annotation unchanged if the password is rejected' {
        $weak = New-Secret short

        (Invoke-Script { Set-PgEdgeUser alice -Password $weak -Annotation Lead -Path $file }).Failures |
            Should -BeExactly 'PasswordRejected: alice'

        Test-Untouched $file | Should -BeTrue
    }

    It 'reports a missing password if nobody can be asked <Where>' -ForEach @(
        @{ Where = 'in a non-interactive session'; Answers = $null }
        @{ Where = 'because the input is redirected'; Answers = 'not read' }
    ) {
        Invoke-Shell "Set-PgEdgeUser alice -Path '$file' 2> `$null; `$Error.FullyQualifiedErrorId" -Answers $Answers |
            Should -Be 'PasswordRequired,PgEdgeUsers.Commands.SetPgEdgeUserCommand'

        Test-Untouched $file | Should -BeTrue
    }

    It 'returns the changed user with -PassThru' {
        $user = Set-PgEdgeUser bob -Annotation Lead -Path $file -PassThru

        "$($user.Username) $($user.Status) $($user.Annotation) $($user.Path)" |
            Should -BeExactly "bob Enabled Lead $file"
    }

    It 'changes the users that a CSV file names' {
        $rows = "Username,Annotation`nalice,x`nnobody,y`nbob,z" | ConvertFrom-Csv

        $result = Invoke-Script { $rows | Set-PgEdgeUser -Annotation Lead -Path $file }

        $result.Failures | Should -BeExactly 'UserNotFound: nobody'
        (Get-PgEdgeUser -Path $file).Annotation | Should -BeExactly Lead, Lead, 'Former emp'
    }
}
