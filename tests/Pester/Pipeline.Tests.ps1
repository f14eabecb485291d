# What binds from the pipeline: names, users and files. A file is never the name of a user, and a line of a file is
# never a user file.

BeforeAll {
    . $PSScriptRoot/common.ps1

    function Copy-ThroughText($Value) {
        $type = [System.Management.Automation.PSSerializer]
        $type::Deserialize($type::Serialize($Value))
    }
}

Describe 'A user object' {
    BeforeEach {
        $file, $other = (New-UserFile), (New-UserFile)
        $env:PGEDGE_AUTH_USER_FILE = $file
    }

    AfterEach {
        $env:PGEDGE_AUTH_USER_FILE = Join-Path $TestDrive 'no/default.yaml'
    }

    It 'is a user of its own file: <_>' -ForEach @(
        { Disable-PgEdgeUser (Get-PgEdgeUser bob -Path $other) }
        { foreach ($user in Get-PgEdgeUser bob -Path $other) { Disable-PgEdgeUser $user } }
        { Get-PgEdgeUser bob -Path $other | ForEach-Object { Disable-PgEdgeUser -Username $_ } }
        { Get-PgEdgeUser bob -Path $other | Disable-PgEdgeUser }
        { Disable-PgEdgeUser (Copy-ThroughText (Get-PgEdgeUser bob -Path $other)) }
        { Set-PgEdgeUser -Username (Get-PgEdgeUser bob -Path $other) -Annotation Lead }
        { Remove-PgEdgeUser (Get-PgEdgeUser bob -Path $other) -Confirm:$false }
        { Enable-PgEdgeUser (Get-PgEdgeUser -Path $other) }
    ) {
        & $_

        Test-Untouched $file | Should -BeTrue
        Test-Untouched $other | Should -BeFalse
    }

    It 'can be an argument together with those of other files' {
        Disable-PgEdgeUser (Get-PgEdgeUser alice -Path $other), (Get-PgEdgeUser bob -Path $file)

        (Get-PgEdgeUser -Path $file).Status | Should -Be Enabled, Disabled, Disabled
        (Get-PgEdgeUser -Path $other).Status | Should -Be Disabled, Enabled, Disabled
    }

    It 'is a name in the file of an explicit -Path' {
        Disable-PgEdgeUser (Get-PgEdgeUser bob -Path $other) -Path $file

        Get-Field $file bob enabled | Should -Be false
        Test-Untouched $other | Should -BeTrue
    }

    It 'has a name that is a name like any other' {
        Disable-PgEdgeUser (Get-PgEdgeUser bob -Path $other).Username
        $user = Get-PgEdgeUser alice -Path $other
        $null = Get-PgEdgeUser $user
        Disable-PgEdgeUser alice

        (Get-PgEdgeUser).Status | Should -Be Disabled, Disabled, Disabled
        Test-Untouched $other | Should -BeTrue
    }

    It 'that is gone is the target of an error as a name like any other' {
        $user = Get-PgEdgeUser alice -Path $other
        Remove-PgEdgeUser alice -Path $other -Confirm:$false
        $result = Invoke-Script { Disable-PgEdgeUser $user }

        Disable-PgEdgeUser $result.Errors[0].TargetObject

        Get-Field $file alice enabled | Should -Be false
    }

    It 'names sessions of its own file' {
        $login = New-Login alice
        $file, $other | ForEach-Object { $null = New-PgEdgeSession $login -Path $_ }

        (Get-PgEdgeSession (Get-PgEdgeUser alice -Path $other)).Path | Should -BeExactly $other
        (New-PgEdgeSession -Username (Get-PgEdgeUser alice -Path $other) -Password $login.Password).Path |
            Should -BeExactly $other
        Remove-PgEdgeSession -Username (Get-PgEdgeUser alice -Path $other)
        ($file, $other | ForEach-Object { Get-PgEdgeSession -Path $_ }).Path | Should -BeExactly $file
    }

    It 'names events of its own file' {
        $file, $other | ForEach-Object { Set-PgEdgeUser bob -Annotation Lead -Path $_ }

        (Get-PgEdgeAuditEvent (Get-PgEdgeUser bob -Path $other)).Target | Should -BeExactly $other
    }

    It 'names a new user of its own file' {
        Remove-PgEdgeUser bob -Confirm:$false

        (Invoke-Script { New-PgEdgeUser (Get-PgEdgeUser bob -Path $other) -GeneratePassword }).Failures |
            Should -BeExactly 'UserExists: bob'
    }
}

Describe 'A line of a text file' {
    BeforeAll {
        $names = Join-Path $TestDrive names.txt
        'alice', 'bob' | Set-Content $names
    }

    BeforeEach {
        $file = New-UserFile
    }

    AfterEach {
        $env:PGEDGE_AUTH_USER_FILE = Join-Path $TestDrive 'no/default.yaml'
    }

    It 'is a name in the default file' {
        $env:PGEDGE_AUTH_USER_FILE = $file

        "$(Get-Content $names | Get-PgEdgeUser)" | Should -Be 'alice bob'
        Get-Content $names | Disable-PgEdgeUser
        (Get-PgEdgeUser).Status | Should -Be Disabled, Disabled, Disabled
    }

    It 'is a name in the file of -Path' {
        (Get-Content $names | Get-PgEdgeUser -Path $file).Path | Should -BeExactly $file, $file
    }

    It 'is one of many for which a failure of the default file is one error' {
        (Invoke-Script { Get-Content $names | Get-PgEdgeUser }).Failures |
            Should -BeExactly "UserFileNotFound: $env:PGEDGE_AUTH_USER_FILE"
    }
}

Describe 'A file in the pipeline' {
    BeforeEach {
        $file = New-UserFile
        $item = Get-Item $file
    }

    It 'is told from names: <Command>' -ForEach @(
        @{ Command = { $item | Get-PgEdgeUser }; Users = 'alice bob charlie' }
        @{ Command = { $item, $item | Get-PgEdgeUser }; Users = 'alice bob charlie' }
        @{ Command = { [System.IO.FileInfo]::new($file) | Get-PgEdgeUser }; Users = 'alice bob charlie' }
        @{ Command = { $item | Get-PgEdgeUser -Status Disabled }; Users = 'charlie' }
        @{ Command = { Get-PgEdgeUserFile $file | Get-PgEdgeUser }; Users = 'alice bob charlie' }
        @{ Command = { Copy-ThroughText (Get-PgEdgeUserFile $file) | Get-PgEdgeUser }; Users = 'alice bob charlie' }
        @{ Command = { $item | Get-PgEdgeUser | Get-PgEdgeUser }; Users = 'alice bob charlie' }
        @{ Command = { $item, 'bob' | Get-PgEdgeUser -Path $file }; Users = 'alice bob charlie' }
        @{ Command = { Get-PgEdgeUser (Get-PgEdgeUser alice -Path $file) -Path $file }; Users = 'alice' }
        @{
            Command = {
                Test-PgEdgeUserFile $file -MinimumSeverity Information | Where-Object Id -EQ DisabledByLockout |
                    Enable-PgEdgeUser -PassThru
            }
            Users = 'charlie'
        }
    ) {
        "$(& $Command)" | Should -BeExactly $Users
    }

    It 'that fails is one error, and the next file is read: <Command>' -ForEach @(
        @{
            Command = { $input | Get-PgEdgeUser }; Output = 'alice bob charlie'
            Errors = 'InputObjectNotBound: {1}', 'UserFileInvalid: {0}'
        }
        @{
            Command = { $input | Get-PgEdgeSession }; Output = ''
            Errors = 'InputObjectNotBound: {1}', 'UserFileInvalid: {0}'
        }
        @{
            Command = { $input | Repair-PgEdgeUserFile -NoAudit | ForEach-Object Id }; Output = 'KeyDiffersFromUsername'
            Errors = 'UserFileInvalid: {0}', 'InvalidUserFilePath: {1}'
        }
        @{
            Command = { $input | Get-PgEdgeUserFile | ForEach-Object Users }; Output = ' 3'
            Errors = 'InvalidUserFilePath: {1}'
        }
        @{
            Command = { $input | Test-PgEdgeUserFile -MinimumSeverity Error | ForEach-Object Id }
            Output = 'ContentRefused FileUnreadable'; Errors = @()
        }
    ) {
        Edit-UserFile $file 'username: bob' 'username: bert'
        $folder, $bad = (Split-Path $file), (New-UserFile bad.yaml)
        Set-UserFile $bad "users: [`n"

        $result = Invoke-Script { Get-Item $bad, $folder, $file | & $Command }

        "$($result.Output)" | Should -BeExactly $Output
        $result.Failures | Should -BeExactly $Errors.ForEach({ $_ -f $bad, $folder })
    }

    It 'cannot be combined with names of users: <_>' -ForEach @(
        { $item | Get-PgEdgeUser bob }
        { $item | Disable-PgEdgeUser alice -PassThru }
        { Get-PgEdgeUserFile $file | Disable-PgEdgeUser a* -PassThru }
    ) {
        $result = Invoke-Script $_

        $result.Errors.FullyQualifiedErrorId | Should -BeLike 'InputObjectNotBound,*'
        $result.Output | Should -BeNullOrEmpty
        Test-Untouched $file | Should -BeTrue
    }

    It 'that fails is one error for all users of it' {
        $users = Get-PgEdgeUser -Path $file
        Set-UserFile $file "users: [`n"

        (Invoke-Script { $users | Get-PgEdgeUser }).Failures | Should -BeExactly "UserFileInvalid: $file"
    }

    It 'has the sessions and events of all its users: <_>' -ForEach @(
        { $item, (Get-PgEdgeUserFile $file) | Get-PgEdgeSession }
        { $item, (Get-PgEdgeUserFile $file) | Get-PgEdgeAuditEvent }
    ) {
        $null = New-PgEdgeSession (New-Login alice) -Path $file

        (& $_).Username | Should -BeExactly alice
    }

    It 'is no user to change, not even if one has its name: <_>' -ForEach @(
        { $input | Remove-PgEdgeUser -Confirm:$false }
        { $input | Disable-PgEdgeUser }
        { $input | Enable-PgEdgeUser }
        { $input | Set-PgEdgeUser -Annotation none }
    ) {
        Edit-UserFile $file bob users.yaml
        Edit-UserFile $file charlie "'$file'"

        $finding = Test-PgEdgeUserFile "$file.no" -Detailed
        foreach ($value in $item, [System.IO.FileInfo]::new($file), (Get-PgEdgeUserFile $file), $finding) {
            # The finding names a file, but no user.
            (Invoke-Script { $value | & $_ }).Errors.FullyQualifiedErrorId |
                Should -Match '^(InputObjectNotBound|UserFileNotFound),'
        }

        Test-Untouched $file | Should -BeTrue
    }

    It 'is not the name of a new user or an argument: <_>' -ForEach @(
        { $item | New-PgEdgeUser -GeneratePassword }
        { Get-PgEdgeUserFile $file | New-PgEdgeUser -GeneratePassword }
        { Remove-PgEdgeUser $item -Path $file -Confirm:$false }
        { Remove-PgEdgeUser (Get-PgEdgeUserFile $file) -Path $file -Confirm:$false }
    ) {
        $result = Invoke-Script $_

        $result.Errors.FullyQualifiedErrorId |
            Should -Match '^(ParameterArgumentTransformationError|InputObjectNotBound),'
        $result.Output + $result.Verbose | Should -BeNullOrEmpty
        Test-Untouched $file | Should -BeTrue
    }

    It 'does not keep a user from having its name' {
        Edit-UserFile $file bob users.yaml
        $null = $item | Get-PgEdgeUser

        (Get-PgEdgeUser users.yaml -Path $file).Username | Should -Be users.yaml
        ('users.yaml' | Get-PgEdgeUser -Path $file).Username | Should -Be users.yaml
    }
}

Describe 'An object without a path' {
    It 'is an error that does not show what is in the object: <Command>' -ForEach @(
        @{ Command = { $input | Get-PgEdgeUserFile } }
        @{ Command = { $input | Test-PgEdgeUserFile } }
        @{ Command = { $input | Repair-PgEdgeUserFile } }
    ) {
        $password = 'canary of these rows'
        $row = @{ Username = 'x'; Password = $password }
        $rows = [pscustomobject] $row, $row

        $failed = $rows | & $Command 2>&1

        $failed | Should -HaveCount 2
        $failed.ForEach({ "$_ $($_.Exception)" }) -join "`n" | Should -Not -Match canary
    }
}

Describe 'A pipeline' {
    BeforeAll {
        # The system calls of this process that read.
        function Get-ReadCount {
            [long] [regex]::Match([System.IO.File]::ReadAllText('/proc/self/io'), 'syscr: (\d+)').Groups[1].Value
        }
    }

    It 'reads no more for many names than for a few: <_>' -Skip:(-not $IsLinux) -ForEach @(
        'Get-PgEdgeUser'
        'Get-PgEdgeUserHistory'
        'Get-PgEdgeAuditEvent'
        'Get-PgEdgeSession'
        'Set-PgEdgeUser -Annotation x'
        'Disable-PgEdgeUser'
        'Remove-PgEdgeUser -Confirm:$false'
        'Rename-PgEdgeUser -NewName { "new$_" }'
        'Restore-PgEdgeUser'
    ) {
        $names = 1..300 -replace '^', 'user'
        $run = [scriptblock]::Create("`$input | $_ -Path `$args[0] -ErrorAction Ignore")

        # The first round loads what the cmdlet needs.
        $reads = foreach ($count in 2, 2, 300) {
            $file = New-UserFile
            Set-UserFile $file ("users:`n" + ($names -replace '.+', "    `$0: {enabled: true}`n" -join ''))
            $before = Get-ReadCount
            $null = $names[0..($count - 1)] | & $run $file
            (Get-ReadCount) - $before
        }

        $reads[2] | Should -BeLessThan ($reads[1] + 50)
    }
}
