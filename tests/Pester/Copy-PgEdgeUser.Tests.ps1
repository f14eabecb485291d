BeforeAll {
    . $PSScriptRoot/common.ps1
}

Describe 'Copy-PgEdgeUser' {
    BeforeEach {
        $file = New-UserFile
        $destination = Join-Path (New-Item (Join-Path $TestDrive ([guid]::NewGuid())) -ItemType Directory) users.yaml
    }

    It 'copies users with all fields into a new file of mode 0600 and leaves the source unchanged: <_>' -ForEach @(
        { Copy-PgEdgeUser alice, charlie $destination -Path $file }
        { 'alice', 'charlie' | Copy-PgEdgeUser -Destination $destination -Path $file }
        { Copy-PgEdgeUser '[ac]*' $destination -Path $file }
        { Get-PgEdgeUser '[ac]*' -Path $file | Copy-PgEdgeUser -Destination $destination }
        { [pscustomobject] @{ Name = 'alice' }, @{ SamAccountName = 'charlie'; Name = 'Charlie Brown' } |
                ForEach-Object { [pscustomobject] $_ } | Copy-PgEdgeUser -Destination $destination -Path $file }
        { Push-Location (Split-Path $destination); Copy-PgEdgeUser alice, charlie users.yaml -Path $file; Pop-Location }
    ) {
        & $_ | Should -BeNullOrEmpty

        foreach ($name in 'alice', 'charlie') {
            foreach ($field in 'username', 'password_hash', 'last_login', 'enabled', 'annotation', 'failed_attempts') {
                Get-Field $destination $name $field | Should -BeExactly (Get-Field $file $name $field)
            }
        }
        (Get-PgEdgeUser alice -Path $destination).CreatedAt | Should -Be (Get-PgEdgeUser alice -Path $file).CreatedAt
        (Get-PgEdgeUser -Path $destination).Username | Should -Be alice, charlie
        Test-Untouched $file | Should -BeTrue
        Get-Sidecar $file | Should -BeNullOrEmpty
        if (-not $IsWindows) {
            (Get-Item $destination).UnixFileMode | Should -Be ([System.IO.UnixFileMode] 'UserRead, UserWrite')
        }
    }

    It 'copies the password, so that the user can sign in with it' {
        Copy-PgEdgeUser bob $destination -Path $file

        (New-PgEdgeSession (New-Login bob) -Path $destination).Username | Should -Be bob
    }

    It 'copies the users of several files, and those with names that no new user may have, in one change' {
        $other = New-UserFile
        Edit-UserFile $other '    bob:' '    "*":'

        Get-PgEdgeUser alice -Path $file | Copy-PgEdgeUser -Destination $destination
        $users = Get-PgEdgeUser charlie -Path $file
        $users, (Get-PgEdgeUser -Path $other | Where-Object Username -EQ '*') | ForEach-Object { $_ } |
            Copy-PgEdgeUser -Destination $destination

        (Get-PgEdgeUser -Path $destination).Username | Should -Be '*', alice, charlie
        @(Get-PgEdgeUserHistory -Path $destination).Event | Should -Be Added, Added, Added
    }

    It 'returns the copies with -PassThru, with the file that they are in' {
        $users = Copy-PgEdgeUser alice, bob $destination -Path $file -PassThru

        $users.Username | Should -Be alice, bob
        $users.Path | Should -Be $destination, $destination
        Copy-PgEdgeUser alice, charlie $destination -Path $file -PassThru -OnConflict Skip |
            ForEach-Object Username | Should -Be charlie
    }

    It 'keeps PasswordLastSet, or that it is unknown' {
        Set-PgEdgeUser alice -Password (New-Secret $Passwords.new) -Path $file
        $source = Get-PgEdgeUser -Path $file

        $copies = Copy-PgEdgeUser alice, bob $destination -Path $file -PassThru

        $copies[0].PasswordLastSet | Should -Be $source[0].PasswordLastSet
        $copies[1].PasswordLastSet | Should -BeNullOrEmpty
        $again = Get-PgEdgeUser -Path $destination
        $again[0].PasswordLastSet | Should -Be $source[0].PasswordLastSet
        $again[1].PasswordLastSet | Should -BeNullOrEmpty
    }

    It 'records the change and its reason in the audit and history files of the destination' {
        Copy-PgEdgeUser alice $destination -Path $file -Reason 'Ticket 4711'

        $recorded = Get-PgEdgeAuditEvent -Path $destination
        $recorded.Event, $recorded.Username | Should -Be UserAdded, alice
        $recorded.Reason | Should -Be "copied from '$file': Ticket 4711"
        Get-Content "$destination.audit.jsonl" -Raw | Should -Not -Match '\$2a\$'
        (Get-PgEdgeUserHistory -Path $destination).Reason | Should -Be 'Ticket 4711'
    }

    It 'records nothing with -NoAudit and -NoHistory' {
        Copy-PgEdgeUser alice $destination -Path $file -NoAudit -NoHistory

        Get-Sidecar $destination | Should -Be users.yaml.lock
    }

    Context 'with a user in the destination' {
        BeforeEach {
            $destination = New-UserFile
            Edit-UserFile $destination 'Developer' 'Another Alice'
            Set-PgEdgeUser bob -Annotation Bob -Path $file -NoAudit -NoHistory
            Set-UserFile $file (Get-Text $file)
        }

        It 'reports a conflict and copies the others, or none with -ErrorAction Stop' {
            Edit-UserFile $file 'charlie:' 'dora:'

            { Copy-PgEdgeUser * $destination -Path $file -ErrorAction Stop } | Should -Throw -ErrorId 'UserExists,*'
            Test-Untouched $destination | Should -BeTrue
            $result = Invoke-Script { Copy-PgEdgeUser * $destination -Path $file }

            $result.Failures | Should -Be 'UserExists: alice', 'UserExists: bob'
            "$($result.Errors[0])" | Should -BeLike '*-OnConflict*'
            (Get-PgEdgeUser -Path $destination).Username | Should -Be alice, bob, charlie, dora
            (Get-PgEdgeUser alice -Path $destination).Annotation | Should -Be 'Another Alice'
        }

        It 'leaves it unchanged with -OnConflict Skip' {
            Edit-UserFile $file 'charlie:' 'dora:'
            $before = Get-Text $destination

            Copy-PgEdgeUser alice, dora $destination -Path $file -OnConflict Skip

            Get-Text $destination | Should -BeLike "$before*"
            (Get-PgEdgeUser -Path $destination).Username | Should -Be alice, bob, charlie, dora
        }

        It 'replaces it and ends its sessions with -OnConflict Overwrite, and no other' {
            $null = 'alice', 'bob' | ForEach-Object { New-PgEdgeSession (New-Login $_) -Path $destination -NoAudit }

            Copy-PgEdgeUser alice, charlie $destination -Path $file -OnConflict Overwrite -Confirm:$false

            $user = Get-PgEdgeUser alice -Path $destination
            $user.Annotation, $user.LastLogin | Should -Be Developer, (Get-PgEdgeUser alice -Path $file).LastLogin
            (Get-PgEdgeSession -Path $destination).Username | Should -Be bob
            Get-PgEdgeAuditEvent -Path $destination | ForEach-Object { "$($_.Username) $($_.Event)" } |
                Should -Be 'alice UserReplaced', 'alice AnnotationSet', 'alice SessionEnded'
        }

        It 'asks before it replaces a user, and only then' {
            Edit-UserFile $file 'charlie:' 'dora:'

            $command = "Copy-PgEdgeUser bob, dora '$destination' -Path '$file' -OnConflict Overwrite"
            $screen = Invoke-Shell $command -Answers n

            [regex]::Matches($screen, 'Overwrite from').Count | Should -Be 1
            $screen -join ' ' | Should -Not -BeLike '*Copy from*'
            (Get-PgEdgeUser dora -Path $destination).Username | Should -Be dora
            (Get-PgEdgeUser bob -Path $destination).Annotation | Should -Be 'Admin'
        }

        It 'replaces nobody if nobody can be asked' {
            $shell = New-PowerShell "Copy-PgEdgeUser alice '$destination' -Path `$file -OnConflict Overwrite" $file
            $null = $shell.Invoke()

            $shell.Streams.Error.FullyQualifiedErrorId | Should -BeLike 'ConfirmationRequired,*'
            Test-Untouched $destination | Should -BeTrue
            $shell.Dispose()
        }

        It 'takes a name that only looks like it for a conflict, with -OnConflict <_>' -ForEach Error, Overwrite {
            Edit-UserFile $file 'alice:' 'Alice:'

            $result = Invoke-Script {
                Copy-PgEdgeUser Alice $destination -Path $file -OnConflict $_ -Confirm:$false
            }

            $result.Failures | Should -Be 'UserExists: Alice'
            Test-Untouched $destination | Should -BeTrue
        }

        It 'skips a name that only looks like it with -OnConflict Skip' {
            Edit-UserFile $file 'alice:' 'Alice:'

            Copy-PgEdgeUser Alice $destination -Path $file -OnConflict Skip

            Test-Untouched $destination | Should -BeTrue
        }

        It 'shows with -WhatIf what would be done' {
            Edit-UserFile $file 'charlie:' 'dora:'

            $screen = Invoke-Shell "Copy-PgEdgeUser * '$destination' -Path '$file' -OnConflict Overwrite -WhatIf"

            $screen | Should -HaveCount 3
            $screen[0] | Should -BeLike "What if: *`"Overwrite from '$file'`"*'alice' in '$destination'*"
            $screen[2] | Should -BeLike "What if: *`"Copy from '$file'`"*'dora' in '$destination'*"
            Test-Untouched $destination | Should -BeTrue
            Get-Sidecar $destination | Should -BeNullOrEmpty
        }
    }

    It 'refuses the source as the destination, also by another path: <_>' -ForEach @(
        { Copy-PgEdgeUser alice $file -Path $file }
        { Get-PgEdgeUser alice -Path $file | Copy-PgEdgeUser -Destination "$(Split-Path $file)/./users.yaml" }
        { $link = "$file.link"; $null = New-Item $link -ItemType SymbolicLink -Target $file
            Copy-PgEdgeUser alice $link -Path $file }
    ) {
        $result = Invoke-Script $_

        $result.Errors.FullyQualifiedErrorId |
            Should -Be 'DestinationIsSource,PgEdgeUsers.Commands.CopyPgEdgeUserCommand'
        Test-Untouched $file | Should -BeTrue
    }

    It 'reports a user that does not exist and copies the others' {
        $result = Invoke-Script { Copy-PgEdgeUser nobody, alice, x* $destination -Path $file }

        $result.Failures | Should -Be 'UserNotFound: nobody'
        (Get-PgEdgeUser -Path $destination).Username | Should -Be alice
    }

    It 'creates no file for a destination folder that does not exist' {
        $result = Invoke-Script { Copy-PgEdgeUser alice (Join-Path $TestDrive no/such/users.yaml) -Path $file }

        $result.Errors.FullyQualifiedErrorId | Should -BeLike 'UserFileNotFound,*'
    }
}
