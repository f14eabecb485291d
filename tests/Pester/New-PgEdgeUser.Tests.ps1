BeforeAll {
    . $PSScriptRoot/common.ps1
    $password = New-Secret $Passwords.new
    $login = New-Login dora $Passwords.new
}

Describe 'New-PgEdgeUser' {
    BeforeEach {
        $file = New-UserFile
    }

    It 'adds a user after the others, written as the server writes users: <_>' -ForEach @(
        { New-PgEdgeUser dora -Password $password -Annotation 'Night shift' -Path $file }
        {
            [pscustomobject]@{ Name = 'dora'; Password = $password; Note = 'Night shift'; Path = 'OU=Staff' } |
                New-PgEdgeUser -Path $file
        }
        { New-PgEdgeUser -Credential $login -Description 'Night shift' -Path $file }
        { New-PgEdgeUser $login -Annotation 'Night shift' -Path $file }
        { $login | New-PgEdgeUser -UserNote 'Night shift' -Path $file }
    ) {
        $before = Get-Text $file
        $start = [datetime]::Now

        $user = & $_

        "$($user.Username) $($user.Status) $($user.FailedAttempts) $($user.Annotation) $($user.Path)" |
            Should -BeExactly "dora Enabled 0 Night shift $file"
        $user.LastLogin | Should -BeNullOrEmpty
        $user.CreatedAt | Should -BeGreaterOrEqual $start
        $user.CreatedAt | Should -BeLessOrEqual ([datetime]::Now)
        (Get-Text $file).Substring(0, $before.Length) | Should -BeExactly $before
        (Get-Text $file).Substring($before.Length) | Should -MatchExactly @'
^    dora:
        username: dora
        password_hash: \$2a\$12\$[./A-Za-z0-9]{53}
        created_at: \d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z
        last_login: null
        enabled: true
        annotation: Night shift
        failed_attempts: 0
$
'@.ReplaceLineEndings("`n")
    }

    It 'adds users in the order of the input, with names that YAML has to quote' {
        $names = 'no', '日本'

        ($names | New-PgEdgeUser -Password $password -Path $file).Username | Should -BeExactly $names

        [regex]::Matches((Get-Text $file), '(?m)^    (\S+):$').ForEach({ $_.Groups[1].Value }) |
            Should -BeExactly alice, bob, charlie, '"no"', '日本'
    }

    It 'lets the user sign in with the password of a credential' {
        $null = $login | New-PgEdgeUser -Path $file

        (New-PgEdgeSession $login -Path $file).Username | Should -Be dora
    }

    It 'does not take a credential for a name' {
        { New-PgEdgeUser $login -GeneratePassword -Path $file } | Should -Throw '*A credential is not a user name.*'

        Test-Untouched $file | Should -BeTrue
    }

    It 'creates a user who cannot sign in yet: <_>' -ForEach @(
        { New-PgEdgeUser dora -Password $password -Path $file -Disabled }
        { New-PgEdgeUser dora -Password $password -Path $file -Status dis }
        { New-PgEdgeUser dora -Password $password -Path $file -Status Disabled -Disabled:$false }
    ) {
        $user = & $_

        "$($user.Status)" | Should -Be Disabled
        Get-Field $file dora enabled | Should -Be false
    }

    It 'reads the status from the columns of other systems' {
        $rows = @(
            [pscustomobject]@{ Username = 'a'; Enabled = $false; Expected = 'Disabled' }
            [pscustomobject]@{ Username = 'b'; Enabled = $true; Expected = 'Enabled' }
            [pscustomobject]@{ Username = 'c'; Enabled = 'False'; Expected = 'Disabled' }
            [pscustomobject]@{ Username = 'd'; Enabled = 'True'; Expected = 'Enabled' }
            [pscustomobject]@{ Username = 'e'; Disabled = 'true'; Expected = 'Disabled' }
            [pscustomobject]@{ Username = 'f'; Disabled = 'No'; Expected = 'Enabled' }
            [pscustomobject]@{ Username = 'g'; Disabled = ''; Expected = 'Enabled' }
            [pscustomobject]@{ Username = 'h'; Status = 'en'; Expected = 'Enabled' }
            [pscustomobject]@{ Username = 'i'; Status = $null; Enabled = ''; Disabled = $null; Expected = 'Enabled' }
            [pscustomobject]@{
                Username = 'j'; Status = 'Disabled'; Enabled = $false; Disabled = 'yes'; Expected = 'Disabled'
            }
        )

        $users = $rows | New-PgEdgeUser -Password $password -Path $file

        $users | ForEach-Object { "$_ $($_.Status)" } | Should -Be $rows.ForEach({ "$($_.Username) $($_.Expected)" })
    }

    It 'rejects <Status> as a status and adds nobody' -ForEach @(
        @{ Status = 'Locked' }
        @{ Status = '7' }
        @{ Status = '1' }
        @{ Status = 1 }
        @{ Status = 'Enabled, Disabled' }
    ) {
        $row = [pscustomobject]@{ Username = 'dora'; Password = $password; Status = $Status }

        $result = Invoke-Script { $row | New-PgEdgeUser -Path $file }

        $result.Failures | Should -Be 'InvalidStatus: dora'
        Test-Untouched $file | Should -BeTrue
    }

    It 'rejects statuses that contradict each other: <Status>' -ForEach @(
        @{ Status = [pscustomobject]@{ Username = 'dora'; Status = 'Disabled'; Enabled = $true } }
        @{ Status = [pscustomobject]@{ Username = 'dora'; Enabled = 'yes'; Disabled = 'yes' } }
        @{ Status = [pscustomobject]@{ Username = 'dora'; Status = 'Enabled'; Disabled = $true } }
    ) {
        (Invoke-Script { $Status | New-PgEdgeUser -Password $password -Path $file }).Failures |
            Should -Be 'InvalidStatus: dora'
        Test-Untouched $file | Should -BeTrue
    }

    It 'rejects a typed status that is missing or ambiguous: <_>' -ForEach @(
        { New-PgEdgeUser dora -Password $password -Path $file -Status Enabled -Disabled }
        { New-PgEdgeUser dora -Password $password -Path $file -Status $undefined }
        { New-PgEdgeUser dora -Password $password -Path $file -Status '' }
        { New-PgEdgeUser dora -Password $password -Path $file -Status Disabled, Enabled }
    ) {
        $_ | Should -Throw

        Test-Untouched $file | Should -BeTrue
    }

    It 'copies users to another file with their status and annotation, from <From>' -ForEach @(
        @{ From = 'objects'; Convert = { $_ } }
        @{
            From = 'deserialized objects'
            Convert = { $type = [System.Management.Automation.PSSerializer]; $type::Deserialize($type::Serialize($_)) }
        }
        @{
            From = 'text'
            Convert = { $_ | ConvertTo-Csv | ConvertFrom-Csv }
        }
    ) {
        $copy = Join-Path (Split-Path $file) copy.yaml

        Get-PgEdgeUser bob, charlie -Path $file | ForEach-Object $Convert |
            New-PgEdgeUser -Password $password -Path $copy |
            ForEach-Object { "$($_.Username) $($_.Status) $($_.Annotation)" } |
                Should -BeExactly 'bob Enabled Admin', 'charlie Disabled Former emp'

        Test-Untouched $file | Should -BeTrue
    }

    It 'creates a missing file for its owner only' {
        $new = Join-Path (Split-Path $file) new.yaml

        (New-PgEdgeUser dora -Password $password -Path $new).Path | Should -BeExactly $new

        (Get-Text $new).StartsWith("users:`n    dora:`n        username: dora`n") | Should -BeTrue
        if (-not $IsWindows) {
            (Get-Item $new).UnixMode | Should -Be '-rw-------'
        }
    }

    It 'does not create a missing folder' {
        $missing = Join-Path (Split-Path $file) no/users.yaml

        (Invoke-Script { New-PgEdgeUser dora -Password $password -Path $missing }).Failures |
            Should -BeExactly "UserFileNotFound: $missing"

        Get-Sidecar $file | Should -BeNullOrEmpty
    }

    It 'rejects <Name> as a name that is taken or looks like one that is' -ForEach @(
        @{ Name = 'alice' }
        @{ Name = 'Alice' }
        @{ Name = "`u{FF41}lice" }
    ) {
        $result = Invoke-Script { New-PgEdgeUser $Name -Password $password -Path $file }

        $result.Failures | Should -BeExactly "UserExists: $Name"
        "$($result.Errors)" | Should -BeLike '* Choose another name. To change an existing user, run Set-PgEdgeUser.'
        Test-Untouched $file | Should -BeTrue
    }

    It 'rejects a name that breaks the rules: <Case>' -ForEach @(
        @{ Case = 'spaces'; Name = '   ' }
        @{ Case = 'a word of YAML'; Name = 'Null' }
        @{ Case = 'a hyphen first'; Name = '-a' }
        @{ Case = 'a control character'; Name = "a`e[1m"; Shown = 'a\u{1B}[1m' }
        @{ Case = 'an unpaired surrogate'; Name = [string][char]0xD800; Shown = '\u{D800}' }
        @{ Case = 'too long'; Name = 'a' * 65 }
    ) {
        $result = Invoke-Script { New-PgEdgeUser $Name -Password $password -Path $file }

        $result.Failures | Should -BeExactly "InvalidUsername: $($Shown ?? $Name)"
        "$($result.Errors)" | Should -Not -Match '\p{Cc}'
        Test-Untouched $file | Should -BeTrue
    }

    It 'rejects an empty name: <_>' -ForEach @(
        { New-PgEdgeUser '' -Password $password -Path $file }
        { '' | New-PgEdgeUser -Password $password -Path $file }
        { [pscustomobject]@{ SamAccountName = ''; Name = 'Dora Lee' } | New-PgEdgeUser -Password $password -Path $file }
        { [pscustomobject]@{ Username = $null } | New-PgEdgeUser -Password $password -Path $file }
    ) {
        (Invoke-Script $_).Failures -replace ':.*' |
            Should -BeIn InvalidUsername, ParameterArgumentTransformationError, InputObjectNotBound

        Test-Untouched $file | Should -BeTrue
    }

    Context '-HandoutPath' {
        BeforeEach {
            $handout = Join-Path (Split-Path $file) "handout $([guid]::NewGuid()).csv"
        }

        It 'hands out the generated passwords in a file for its owner only' {
            $users = 'dora', 'emil' | New-PgEdgeUser -GeneratePassword -HandoutPath $handout -Path $file -NoWait

            $users.GeneratedPassword | Should -BeNullOrEmpty
            $rows = Import-Csv $handout
            $rows.Username | Should -Be dora, emil
            New-PgEdgeSession -Path $file -Credential (New-Login emil $rows[1].Password) | Should -Be emil
            if (-not $IsWindows) {
                (Get-Item $handout).UnixMode | Should -Be '-rw-------'
            }
        }

        It 'never replaces a file, and then adds nobody' {
            Set-Content $handout 'mine'

            { New-PgEdgeUser dora -GeneratePassword -HandoutPath $handout -Path $file } |
                Should -Throw -ErrorId 'HandoutFailed,*'

            Get-Content $handout | Should -Be mine
            Test-Untouched $file | Should -BeTrue
        }

        It 'leaves no file when nobody is added: <_>' -ForEach @(
            { New-PgEdgeUser alice -GeneratePassword -HandoutPath $handout -Path $file }
            { New-PgEdgeUser dora -GeneratePassword -HandoutPath $handout -Path $file -WhatIf }
        ) {
            $null = Invoke-Script $_

            $handout | Should -Not -Exist
        }

        It 'cannot be given without -GeneratePassword' {
            { New-PgEdgeUser dora -Password $password -HandoutPath $handout -Path $file } |
                Should -Throw -ErrorId 'AmbiguousParameterSet,*'
        }
    }

    It 'rejects an annotation that breaks the rules before it asks for a password: <Case>' -ForEach @(
        @{ Case = 'two lines'; Annotation = "two`r`nlines" }
        @{ Case = 'a control character'; Annotation = "e`e[2J" }
        @{ Case = 'too long'; Annotation = 'a' * 1025 }
    ) {
        # Without a user, a question would be an error of its own.
        $shell = New-PowerShell 'New-PgEdgeUser dora -Annotation $args[0] -Path $file' $file
        $null = $shell.AddArgument($Annotation).Invoke()

        $shell.Streams.Error.FullyQualifiedErrorId |
            Should -Be 'InvalidAnnotation,PgEdgeUsers.Commands.NewPgEdgeUserCommand'
        Test-Untouched $file | Should -BeTrue
        $shell.Dispose()
    }

    It 'rejects a password that breaks the rules: <Case>' -ForEach @(
        @{ Case = 'too short'; Weak = 'fourteen chars' }
        @{ Case = 'a simple sequence'; Weak = 'abcdefghijklmnopqrstuvwxyz' }
        @{ Case = 'a repeated piece of text'; Weak = 'tellertellertellerteller' }
        @{ Case = 'built around the name'; Weak = 'confidante-confidante' }
        @{ Case = 'more bytes than bcrypt takes'; Weak = 'seven quiet lanterns ' * 4 }
        @{ Case = 'a NUL character'; Weak = "with`0a nul in the middle" }
    ) {
        $weakPassword = New-Secret $Weak

        (Invoke-Script { New-PgEdgeUser confidante -Password $weakPassword -Path $file }).Failures |
            Should -BeExactly 'PasswordRejected: confidante'

        Test-Untouched $file | Should -BeTrue
    }

    Context 'with $env:PGEDGE_AUTH_PASSWORD_MIN_LENGTH' {
        AfterEach {
            Remove-Item env:PGEDGE_AUTH_PASSWORD_MIN_LENGTH
        }

        It 'rejects a shorter password' {
            $env:PGEDGE_AUTH_PASSWORD_MIN_LENGTH = 24
            $result = Invoke-Script { New-PgEdgeUser dora -Password $password -Path $file }

            $result.Failures | Should -BeExactly 'PasswordRejected: dora'
            "$($result.Errors)" | Should -BeLike '*24*'
        }

        It 'generates a password of that length' {
            $env:PGEDGE_AUTH_PASSWORD_MIN_LENGTH = 40

            (New-PgEdgeUser dora -GeneratePassword -Path $file).GeneratedPassword.Length | Should -Be 40
        }

        It 'rejects a value below what the server allows' {
            $env:PGEDGE_AUTH_PASSWORD_MIN_LENGTH = 7

            { New-PgEdgeUser dora -Password $password -Path $file } |
                Should -Throw '*PGEDGE_AUTH_PASSWORD_MIN_LENGTH*' -ErrorId 'InvalidConfiguration,*'
            Test-Untouched $file | Should -BeTrue
        }
    }

    It 'reports a missing password if nobody can be asked' {
        $shell = New-PowerShell 'New-PgEdgeUser dora -Path $file' $file
        $null = $shell.Invoke()

        $shell.Streams.Error.FullyQualifiedErrorId |
            Should -Be 'PasswordRequired,PgEdgeUsers.Commands.NewPgEdgeUserCommand'
        $shell.Streams.Error.CategoryInfo.Category | Should -Be InvalidArgument
        "$($shell.Streams.Error)" | Should -BeLike '*-Password*'
        Test-Untouched $file | Should -BeTrue
        $shell.Dispose()
    }

    It 'takes from a CSV file everything but a password in plain text' {
        $null = New-Secret 'umbrella in the hall'
        $rows = "Username,Password,Note`ndora,umbrella in the hall,Lead" | ConvertFrom-Csv

        $result = Invoke-Script { $rows | New-PgEdgeUser -Path $file }

        $result.Failures | Should -BeExactly 'PlainTextPassword: dora'
        Test-Untouched $file | Should -BeTrue
    }

    It 'writes errors in the order of the input and adds the other users' {
        $weak = New-Secret weak

        $result = Invoke-Script {
            [pscustomobject]@{ Username = 'a b'; Password = $password },
            [pscustomobject]@{ Username = 'bob'; Password = $password },
            [pscustomobject]@{ Username = 'dora'; Password = $password },
            [pscustomobject]@{ Username = 'erin'; Password = $weak },
            [pscustomobject]@{ Username = 'Dora'; Password = $password } | New-PgEdgeUser -Path $file
        }

        "$($result.Output)" | Should -BeExactly dora
        $result.Failures |
            Should -BeExactly 'InvalidUsername: a b', 'UserExists: bob', 'PasswordRejected: erin', 'UserExists: Dora'
        (Get-PgEdgeUser -Path $file).Username | Should -BeExactly alice, bob, charlie, dora
    }

    It 'adds nobody under -ErrorAction Stop if one user cannot be added' {
        { 'dora', 'erin', 'bob' | New-PgEdgeUser -Password $password -Path $file -ErrorAction Stop } |
            Should -Throw -ErrorId 'UserExists,*'

        Test-Untouched $file | Should -BeTrue
    }
}
